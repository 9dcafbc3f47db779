use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intelliauth_store::archive::{Progress, Stage};

/// How often the bar is drawn again, a second.
const DRAWN: u8 = 10;
const SHAPE: &str = "{prefix:<9} [{bar:40}] {percent:>3}%  {human_pos}/{human_len} rows  {per_sec}  {msg}";

/// A bar on standard error. Where that is no terminal nothing is drawn, and each part of the work is one line.
pub(super) struct Bar {
    bar: ProgressBar,
    stage: Option<Stage>,
}

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(DRAWN));
        // A template that cannot be read would leave the plain bar, which will do.
        if let Ok(style) = ProgressStyle::with_template(SHAPE) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, stage: None }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        if self.stage != Some(progress.stage) {
            self.stage = Some(progress.stage);
            self.bar.reset();
            self.bar.set_prefix(name(progress.stage));
            match progress.stage {
                _ if !self.bar.is_hidden() => {}
                Stage::Counting => eprintln!("counting rows"),
                Stage::Copying | Stage::Verifying => {
                    eprintln!("{} {} rows", name(progress.stage), progress.total);
                }
            }
        }
        self.bar.set_length(progress.total);
        self.bar.set_position(progress.done);
        self.bar.set_message(progress.table);
    }
}

/// The bar goes away: what is left to read is the result.
impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

const fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Counting => "counting",
        Stage::Copying => "copying",
        Stage::Verifying => "verifying",
    }
}

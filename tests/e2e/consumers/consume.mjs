import * as fromRoot from '@intelliauth/node-sdk'
import * as fromExpress from '@intelliauth/node-sdk/express'
import express from 'express'
import { scenario } from './scenario.cjs'

await scenario({ express, fromRoot, fromExpress, expectNative: process.argv.includes('--native') })

const express = require('express')
const fromRoot = require('@intelliauth/node-sdk')
const fromExpress = require('@intelliauth/node-sdk/express')
const { scenario } = require('./scenario.cjs')

scenario({ express, fromRoot, fromExpress, expectNative: process.argv.includes('--native') })

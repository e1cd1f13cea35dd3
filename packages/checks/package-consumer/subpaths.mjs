import * as callstate from 'callstate'
import * as diagram from 'callstate/diagram'
import * as machine from 'callstate/machine'
import * as providers from 'callstate/providers'
import { PROVIDERS } from 'callstate/providers/all'
import * as bolna from 'callstate/providers/bolna'
import * as testing from 'callstate/testing'
import * as text from 'callstate/text'
import * as fastCheck from 'fast-check'
import * as xstate from 'xstate'
import { useOthers, useProviders, useRoot } from './use.cjs'

useRoot({ callstate, diagram, text })
useOthers({ machine, providers, bolna, testing, xstate, fastCheck })
await useProviders(PROVIDERS, (specifier) => import(specifier))

import * as callstate from 'callstate'
import * as diagram from 'callstate/diagram'
import * as machine from 'callstate/machine'
import * as providers from 'callstate/providers'
import * as bolna from 'callstate/providers/bolna'
import * as dialgen from 'callstate/providers/dialgen'
import * as testing from 'callstate/testing'
import * as text from 'callstate/text'
import * as fastCheck from 'fast-check'
import * as xstate from 'xstate'
import { useOthers, useRoot } from './use.cjs'

useRoot({ callstate, diagram, text })
useOthers({ machine, providers, bolna, dialgen, testing, xstate, fastCheck })

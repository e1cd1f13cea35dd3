const { useOthers, useProviders, useRoot } = require('./use.cjs')

useRoot({
  callstate: require('callstate'),
  diagram: require('callstate/diagram'),
  text: require('callstate/text'),
})
useOthers({
  machine: require('callstate/machine'),
  providers: require('callstate/providers'),
  bolna: require('callstate/providers/bolna'),
  testing: require('callstate/testing'),
  xstate: require('xstate'),
  fastCheck: require('fast-check'),
})
useProviders(require('callstate/providers/all').PROVIDERS, require)

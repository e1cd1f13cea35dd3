const { useRoot } = require('./use.cjs')

useRoot({
  callstate: require('callstate'),
  diagram: require('callstate/diagram'),
  text: require('callstate/text'),
})

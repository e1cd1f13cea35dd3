declare module 'javascript-state-machine' {
  interface Transition {
    readonly name: string
    readonly from: string
    readonly to: string
  }
  type Instance = { readonly state: string } & Record<string, () => boolean>
  const StateMachine: {
    factory(options: {
      readonly init: string
      readonly transitions: readonly Transition[]
    }): new () => Instance
  }
  export default StateMachine
}

declare module 'virtual:machine-drawing' {
  /** The drawing of the machine as the text of an SVG element, made at build time. */
  const svg: string
  export default svg
}

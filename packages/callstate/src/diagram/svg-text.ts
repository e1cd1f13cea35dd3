/** Text that means itself in XML, between tags and in attributes alike. */
export function svgText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

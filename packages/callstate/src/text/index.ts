export { decisionText, earlierWordText, skippedText } from './decision-text.ts'
export { looksLikeStatus, MAX_SHOWN_STATUS_LENGTH } from './status-word.ts'

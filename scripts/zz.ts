import { type Call, observe } from 'callstate'
import { RIVALS } from './bench/rivals.ts'
import { BATCH, CALL_EVENTS, EVENTS, expectEnd } from './bench/walks.ts'
const mine={run(){for (const [place, events] of CALL_EVENTS.entries()) {
      let call: Call | undefined
      for (const event of events) call = observe(call, event).call
      expectEnd(BATCH[place], call?.status, 'observe')
    }}}
const st=RIVALS[1]
for(let r=0;r<14;r++){ let t=process.cpuUsage().user; for(let k=0;k<300;k++) mine.run(); const a=(process.cpuUsage().user-t)*1000/(EVENTS*300); t=process.cpuUsage().user; let tt=0; for(let k=0;k<300;k++){ st.prepare(); const q=process.cpuUsage().user; st.run(); tt+=process.cpuUsage().user-q}; const b=tt*1000/(EVENTS*300); console.log(a.toFixed(0),b.toFixed(0),(b/a).toFixed(2)) }

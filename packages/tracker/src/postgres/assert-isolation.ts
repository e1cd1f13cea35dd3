import { REFUSALS } from './session.ts'

/**
 * Refuses any isolation but PostgreSQL's default. Writing and registering rely on it: each statement of
 * a function sees what was committed before it, and not only what was before the function.
 */
export const ASSERT_ISOLATION = `
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception using errcode = '${REFUSALS.isolation}', message =
      'The store needs read committed isolation: leave default_transaction_isolation as PostgreSQL has it.';
  end if;`

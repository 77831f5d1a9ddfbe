import { useMemo } from 'react';
import { denialsOf } from '../answers/denials.ts';
import { eventBounds, type ReceivedEvent } from '../stream/event-list.ts';
import { own } from '../answers/path.ts';
import { marksOf } from '../answers/marks.ts';
import type { Stream } from '../runs.ts';
import type { SubscriptionState } from '../stream/subscription.ts';
import { AnswerLines } from './answer-lines.tsx';
import { DenialList, type Lift } from './denial-list.tsx';

/** How many events are drawn. Older ones are kept, but a longer list would make the page slow. */
const maxDrawn = 50;

/** The live list of the events of a subscription, newest first. */
export function StreamView({
  stream: { label, state, list, shown, isPaused, renewals },
  onPause,
  onStop,
  lift,
}: {
  readonly stream: Stream;
  readonly onPause: (isPaused: boolean) => void;
  readonly onStop: () => void;
  readonly lift: Lift | null;
}) {
  const hidden = list.received - shown.received;
  const isOver = state.kind === 'ended';
  return (
    <section className="stream" aria-label={`Subscription of ${label}`}>
      <div className="comparison">
        <p role="status" className={`stream-state ${state.kind}`}>
          {stateText(state)}
        </p>
        {!isOver && (
          <>
            <button type="button" className="run-button" onClick={() => onPause(!isPaused)}>
              {isPaused ? 'Resume the list' : 'Pause the list'}
            </button>
            <button type="button" className="run-button" onClick={onStop}>
              Stop
            </button>
          </>
        )}
      </div>
      <p className="quiet">
        As <span className="text-of-others">{label}</span>. {list.received} {list.received === 1 ? 'event' : 'events'}
        {list.received > list.events.length && `, of which the last ${list.events.length} are kept`}
        {hidden > 0 && `, ${hidden} of them since the pause`}.
        {renewals > 0 &&
          ` The token was renewed ${renewals === 1 ? 'once' : `${renewals} times`} without a new connection.`}
        {shown.events.length >= eventBounds.maxEvents && ` At most ${eventBounds.maxEvents} events are kept.`}
      </p>
      {state.kind === 'ended' && state.refusal !== undefined && <Refusal result={state.refusal} lift={lift} />}
      {shown.events.length === 0 && state.kind === 'live' && <p className="quiet">No event has arrived yet.</p>}
      <ol className="events" reversed={true}>
        {shown.events.slice(0, maxDrawn).map((event) => (
          <EventItem key={event.number} event={event} lift={lift} />
        ))}
      </ol>
      {shown.events.length > maxDrawn && <p className="quiet">The list shows the last {maxDrawn} events.</p>}
    </section>
  );
}

function EventItem({
  event: { number, at, result },
  lift,
}: {
  readonly event: ReceivedEvent;
  readonly lift: Lift | null;
}) {
  const marks = useMemo(() => marksOf(result, null, 0), [result]);
  const denials = useMemo(() => denialsOf(result), [result]);
  return (
    <li className="event" value={number}>
      <span className="quiet">
        Event {number} at {new Date(at).toLocaleTimeString()}
      </span>
      <DenialList denials={denials} lift={lift} />
      <AnswerLines value={result} label={`JSON of event ${number}`} marks={marks} current={null} limit={200} />
    </li>
  );
}

/** The refusal of a subscription: the reason of each error, and the sign-in that lifts it. */
function Refusal({ result, lift }: { readonly result: unknown; readonly lift: Lift | null }) {
  const marks = useMemo(() => marksOf(result, null, 0), [result]);
  const denials = useMemo(() => denialsOf(result), [result]);
  const reason = firstMessage(result);
  return (
    <section aria-label="Refusal">
      {denials.length === 0 && reason !== null && <p className="run-failure text-of-others">{reason}</p>}
      <DenialList denials={denials} lift={lift} />
      <AnswerLines value={result} label="JSON of the refusal" marks={marks} current={null} limit={200} />
    </section>
  );
}

/** Returns the message of the first error of an answer. */
function firstMessage(result: unknown): string | null {
  const errors = own(result, 'errors');
  const message = Array.isArray(errors) ? own(errors[0], 'message') : null;
  return typeof message === 'string' ? message.slice(0, 500) : null;
}

function stateText(state: SubscriptionState): string {
  if (state.kind === 'live') return '● Connected';
  if (state.kind === 'ended') return `■ ${state.reason}`;
  if (state.kind === 'connecting')
    return state.reason === null ? '○ Connecting …' : `○ ${state.reason} Connecting again …`;
  return `○ ${state.reason} Connecting again in ${Math.round(state.waitMs / 1_000)} s (attempt ${state.attempt}).`;
}

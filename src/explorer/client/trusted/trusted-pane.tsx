import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef, useState } from 'react';
import { useChoice } from '../callers/use-callers.ts';
import { useServices } from '../services.ts';
import { anonymousId } from '../session/caller.ts';
import { authorizedFetch } from '../session/authorized-fetch.ts';
import { readDocument, readDocuments, type TrustedList, type TrustedOptions } from './trusted-documents.ts';
import { trustedSentence } from './words.ts';
import './trusted.css';

/** The pane "Trusted documents": what runs here, and a list of documents. A chosen document opens in a new tab. */
export function TrustedPane() {
  const { settings } = useServices();
  const [search, setSearch] = useState('');
  const { list, fault, open } = useDocuments(search);
  return (
    <section className="needs trusted" aria-labelledby="trusted-title">
      <h2 id="trusted-title">Trusted documents</h2>
      {settings.trusted && <p>{trustedSentence(settings.trusted)}</p>}
      <label className="needs-label" htmlFor="trusted-search">
        Find a document
      </label>
      <input
        id="trusted-search"
        type="search"
        placeholder="A name or an ID"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {fault !== null && (
        <p className="needs-problem" role="alert">
          {fault}
        </p>
      )}
      <p className="needs-quiet" role="status">
        {list && countSentence(list)}
      </p>
      <ul>
        {list?.documents.map(({ id, name, kind }) => (
          <li key={id}>
            <button type="button" className="trusted-document" onClick={() => void open(id)}>
              <span>
                <strong>{name ?? 'without a name'}</strong> <span className="needs-quiet">{kind}</span>
              </span>
              <code className="needs-quiet">{id}</code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function countSentence({ total, documents }: TrustedList): string {
  if (total === 0) return 'No document has this name or ID.';
  if (documents.length < total) return `${total} documents. These are the first ${documents.length}.`;
  return total === 1 ? '1 document.' : `${total} documents.`;
}

/** How long the search rests before the page asks, in milliseconds. */
const restMs = 200;

/** Reads the list as the first chosen caller, and opens documents. */
function useDocuments(search: string) {
  const { callers } = useServices();
  const { runsAs } = useChoice();
  const caller = runsAs[0]?.id ?? anonymousId;
  const actions = useGraphiQLActions();
  const { queryEditor } = useGraphiQL(pick('queryEditor'));
  const [list, setList] = useState<TrustedList | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const asked = useRef(new AbortController());

  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      readDocuments(search, optionsOf(stop)).then(
        (found) => {
          setFault(null);
          setList(found);
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          setList(null);
          setFault(error instanceof Error ? error.message : String(error));
        },
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [search, caller]);

  function optionsOf({ signal }: AbortController): TrustedOptions {
    return { fetch: authorizedFetch(callers, caller, (url, init) => fetch(url, init)), signal };
  }

  async function open(id: string): Promise<void> {
    // Only the document of the last click opens.
    asked.current.abort();
    const stop = new AbortController();
    asked.current = stop;
    try {
      const text = await readDocument(id, optionsOf(stop));
      if (stop.signal.aborted) return;
      setFault(null);
      actions.addTab();
      queryEditor?.setValue(text);
      queryEditor?.focus();
    } catch (error) {
      if (!stop.signal.aborted) setFault(error instanceof Error ? error.message : String(error));
    }
  }

  return { list, fault, open };
}

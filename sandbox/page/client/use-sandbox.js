import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { act, follow, happen, look as lookAt } from './api.js';

const START = { who: 'ben', place: 'C05APPROVE1' };

/** Who and where stands in the address, so that a reload or a second window keeps it. */
function readAddress() {
  const [who, place] = location.hash.slice(1).split('/');
  return { who: who || START.who, place: place || START.place };
}

/**
 * The sandbox as one person sees it, always up to date. `look` is undefined until the first answer; `trouble` is what
 * went wrong last, in the words that Slack has for it.
 */
export function useSandbox() {
  const [where, setWhere] = useState(readAddress);
  const [look, setLook] = useState(undefined);
  const [trouble, setTrouble] = useState('');
  const [isHere, setHere] = useState(true);
  const wanted = useRef(where);
  wanted.current = where;

  const refresh = useCallback(async () => {
    const asked = wanted.current;
    try {
      const next = await lookAt(asked.who, asked.place);
      if (asked === wanted.current) setLook({ ...next, who: asked.who });
    } catch (error) {
      setTrouble(error.message);
    }
  }, []);
  useEffect(() => follow(oneAtATime(refresh), setHere), []);
  useEffect(() => {
    history.replaceState(undefined, '', `#${where.who}/${where.place}`);
    void refresh();
  }, [where]);
  useEffect(() => {
    const move = () => setWhere(readAddress());
    addEventListener('hashchange', move);
    return () => removeEventListener('hashchange', move);
  }, []);

  /** Resolves to whether it could be done at all. */
  async function trying(work) {
    setTrouble('');
    try {
      const outcome = await work();
      if (outcome?.shown) setTrouble(outcome.shown);
      return true;
    } catch (error) {
      setTrouble(error.message);
      return false;
    } finally {
      await refresh();
    }
  }

  const doing = (deed) => trying(() => act({ person: look.who, ...deed }));
  const happening = (name) => trying(() => happen(name));
  const go = (who, place) => setWhere({ who, place });
  return { look, trouble, isHere, go, doing, happening, dismiss: () => setTrouble('') };
}

/** Changes that come while one looks are looked at once more, together. */
function oneAtATime(work) {
  let isRunning = false;
  let isDue = false;
  return async function run() {
    if (isRunning) {
      isDue = true;
      return;
    }
    isRunning = true;
    await work();
    isRunning = false;
    if (isDue) {
      isDue = false;
      await run();
    }
  };
}

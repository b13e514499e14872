import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escape, escapeToFit } from '../../src/slack/escape.ts';
import { fit, fitLines, fitNames } from '../../src/slack/fit.ts';

const odd = fc.string({ unit: 'binary', maxLength: 400 });

describe('fit', () => {
  it('leaves a short text as it is', () => {
    expect(fit('Give Ana access', 20)).toBe('Give Ana access');
  });

  it('shortens with an ellipsis', () => {
    expect(fit('Give Ana Souza access', 15)).toBe('Give Ana Souza…');
  });

  it('never cuts a character in two', () => {
    expect(fit('👩‍💻👩‍💻👩‍💻', 8)).toBe('👩‍💻…');
    expect(fit('e\u0301e\u0301e\u0301', 4)).toBe('e\u0301…');
  });

  it('puts everything on one line', () => {
    expect(fit('one\n\n  two\tthree', 50)).toBe('one two three');
  });

  it('drops what hides or turns text', () => {
    expect(fit('safe\u202Eevil\u202C \u200Bend\u0000', 50)).toBe('safeevil end');
  });

  it('keeps line breaks where they are wanted, one empty line at most', () => {
    expect(fitLines('one \r\ntwo\n\n\n\nthree', 50)).toBe('one\ntwo\n\nthree');
  });

  it('is never longer than allowed and always well-formed', () => {
    fc.assert(
      fc.property(odd, fc.integer({ min: 1, max: 100 }), (text, max) => {
        for (const fitted of [fit(text, max), fitLines(text, max), escapeToFit(text, max)]) {
          expect(fitted.length).toBeLessThanOrEqual(max);
          expect(fitted).not.toMatch(/\p{Cs}/u);
        }
      }),
    );
  });
});

describe('fitNames', () => {
  it('counts the ones that do not fit', () => {
    expect(fitNames(['Ana', 'Ben', 'Cara', 'Dina'], 2)).toBe('Ana, Ben and 2 more');
    expect(fitNames(['Ana', 'Ben', 'Cara'], 5)).toBe('Ana, Ben and Cara');
    expect(fitNames(['Ana'], 5)).toBe('Ana');
  });
});

describe('escape', () => {
  it('lets nobody mention a channel or fake a link', () => {
    expect(escape('<!here> <https://evil.example|our site> & <@U1>')).toBe(
      '&lt;!here&gt; &lt;https://evil.example|our site&gt; &amp; &lt;@U1&gt;',
    );
  });

  it('never cuts an entity in two', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('&', '<', '>', 'a') }),
        fc.integer({ min: 1, max: 30 }),
        (text, max) => {
          expect(escapeToFit(text, max).replace(/&(amp|lt|gt);/g, '')).toMatch(/^[a…]*$/);
        },
      ),
    );
  });
});

import htm from 'htm';
import { h } from 'preact';

/** Markup in template strings. Everything that is put into it is escaped. */
export const html = htm.bind(h);

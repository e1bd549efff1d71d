/**
 * Floor 51, a room of console. What is said in words, whoever shows it: changes, failures, plans,
 * summaries, tables.
 */
@NullMarked
package io.provision.console.text;

import org.jspecify.annotations.NullMarked;

/**
 * Floor 51, a room of load. Text to records: scalars, secrets, the shapes of records, and what may
 * be meant where a word is wrong.
 */
@NullMarked
package io.provision.load.bind;

import org.jspecify.annotations.NullMarked;

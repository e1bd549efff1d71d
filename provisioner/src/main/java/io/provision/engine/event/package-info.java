/**
 * Floor 40, a room of engine. What a run says: events, outcomes, the report and a saved plan. It is
 * what listeners, the console and the command line know of the engine; it knows no other room.
 */
@NullMarked
package io.provision.engine.event;

import org.jspecify.annotations.NullMarked;

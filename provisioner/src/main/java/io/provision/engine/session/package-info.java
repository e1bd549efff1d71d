/**
 * Floor 40, a room of engine. One open session with a host, the cluster or this machine: what it
 * asks, what it executes, and what is read or made there once a run.
 */
@NullMarked
package io.provision.engine.session;

import org.jspecify.annotations.NullMarked;

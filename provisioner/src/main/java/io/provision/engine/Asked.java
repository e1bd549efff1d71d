package io.provision.engine;

import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import java.util.Optional;

/**
 * What a run is asked for.
 *
 * @param id of the run, for the journal
 * @param saved the plan to be kept to
 */
record Asked(
    String id, RunVerb verb, TaskGraph graph, Options options, Optional<SavedPlan> saved) {}

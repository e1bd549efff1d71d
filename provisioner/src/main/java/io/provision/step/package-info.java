/**
 * Floor 2. The contract of a step: what it asks ({@link io.provision.step.Probes}), how it compares
 * ({@link io.provision.step.Check}), what would mend it ({@link io.provision.step.Repair}), and
 * what it tells others ({@link io.provision.step.Output}). Never imports the engine or an adapter.
 */
@NullMarked
package io.provision.step;

import org.jspecify.annotations.NullMarked;

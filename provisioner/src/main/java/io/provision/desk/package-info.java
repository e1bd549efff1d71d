/**
 * Floor 1. The port to the operator's machine: kubeconfig, artifacts with their pins, the journal
 * of a run, a Prometheus that is asked from it. As with hosts, what looks ({@link
 * io.provision.desk.DeskQuestion}) and what changes ({@link io.provision.desk.DeskChange}) are
 * different types.
 */
@NullMarked
package io.provision.desk;

import org.jspecify.annotations.NullMarked;

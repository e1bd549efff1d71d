/**
 * Floor 4. Steps for every node: what a Debian or Ubuntu host needs before anything else, and the
 * plain steps of users' playbooks. Imports no other area, no engine and no adapter.
 */
@NullMarked
package io.provision.steps.os;

import org.jspecify.annotations.NullMarked;

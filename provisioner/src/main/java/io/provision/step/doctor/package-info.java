/**
 * Floor 20, a room of step that is open to all above it: what will go wrong on hosts, as areas tell
 * it before anything is touched.
 */
@NullMarked
package io.provision.step.doctor;

import org.jspecify.annotations.NullMarked;

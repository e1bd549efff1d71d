/**
 * When nodes may be rebooted: windows as an inventory writes them, and the arithmetic of their
 * days, across midnight and where clocks are changed. Knows no clock: every question names the
 * instant it is about.
 */
@NullMarked
package io.provision.model.window;

import org.jspecify.annotations.NullMarked;

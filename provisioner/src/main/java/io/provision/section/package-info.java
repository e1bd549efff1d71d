/**
 * What an area needs to bring a section of the inventory: keys with their meaning, checks with
 * positions, and what steps see of it. Floor: above {@code model}; {@code load} binds sections,
 * {@code steps} write them.
 */
@NullMarked
package io.provision.section;

import org.jspecify.annotations.NullMarked;

/**
 * Floor 51, a room of load. The inventory: its documents, what is checked of them, and the schema
 * that is made of the same.
 */
@NullMarked
package io.provision.load.inventory;

import org.jspecify.annotations.NullMarked;

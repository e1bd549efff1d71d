package io.provision.section;

/**
 * A section without keys of its own: what stands there is the value of its one component, be it a
 * list or free data, in the types that a key may have.
 */
public interface ValueSection extends Section {}

package io.provision.section;

/**
 * A text for which words that YAML takes for a boolean need no quotes: {@code on} is what the
 * program says that gets it.
 */
public interface Unquoted {}

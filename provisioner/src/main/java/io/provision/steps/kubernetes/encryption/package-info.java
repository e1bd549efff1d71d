/**
 * Secrets of a cluster come to be encrypted, get another key and are written in plain again, while
 * it lives: one key after another on every server, and at no time a Secret that one of them cannot
 * read. Floor 4.
 */
@NullMarked
package io.provision.steps.kubernetes.encryption;

import org.jspecify.annotations.NullMarked;

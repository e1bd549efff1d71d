/**
 * Floor 6, a room of cli. What a rotation has that runs in the cluster itself: its objects there,
 * what its pods may ask of the API, what is brought along to them, and to whom they hand over.
 */
@NullMarked
package io.provision.cli.rotation.pod;

import org.jspecify.annotations.NullMarked;

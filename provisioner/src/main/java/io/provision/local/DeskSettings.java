package io.provision.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the desk must be told.
 *
 * @param artifacts the operator's directory of published files
 * @param mirror a base URL with the same layout
 * @param cache where downloads are kept, from {@link DeskDirectories}
 * @param environment as {@link System#getenv()}: proxies
 * @param progress takes words about downloads, from any thread
 */
public record DeskSettings(
    Optional<Path> artifacts,
    Optional<String> mirror,
    Path cache,
    Map<String, String> environment,
    Consumer<String> progress) {}

package io.provision.resource.packages;

import io.provision.remote.Call;
import io.provision.step.Question;
import java.util.List;
import java.util.Optional;

/**
 * How a package manager upgrades what is installed, by the package lists that are there.
 *
 * @param pending what it would do, a line for each package; empty where it does not say
 */
record Upgrading(Question<Optional<List<String>>> pending, Call upgrade) {}

package io.provision.step;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import java.util.List;
import java.util.function.Function;

record SingleKind<A>(ShellFunction function, Function<Frame, A> reader, boolean isVolatile)
    implements Kind<A> {
  @Override
  public boolean batched() {
    return false;
  }

  @Override
  public List<A> read(List<Question<A>> asked, Frame frame) {
    return List.of(reader.apply(frame));
  }
}

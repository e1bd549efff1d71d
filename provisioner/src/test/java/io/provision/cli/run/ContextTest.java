package io.provision.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.FakeProgram;
import io.provision.cli.Silent;
import io.provision.engine.session.Interrupt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContextTest {
  @Test
  void theProgramIsMadeOnceAndOnlyWhereItIsAskedFor() {
    var made = new AtomicInteger();
    var context =
        new Context(
            new Silent(),
            () -> {
              made.incrementAndGet();
              return new FakeProgram();
            },
            new Interrupt(),
            new UnderWay(),
            "1.2.3");
    assertThat(made).hasValue(0);
    assertThat(context.program()).isSameAs(context.program());
    assertThat(made).hasValue(1);
  }
}

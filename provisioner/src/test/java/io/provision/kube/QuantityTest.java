package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts as the API writes and takes them. */
class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-2, -2",
    "+2, 2",
    "1.5, 1.5",
    ".5, 0.5",
    "500m, 0.5",
    "3u, 0.000003",
    "3n, 0.000000003",
    "2k, 2000",
    "1Ki, 1024",
    "1.5Gi, 1610612736",
    "1e3, 1000",
    "12E-1, 1.2",
    "1E, 1000000000000000000"
  })
  void anAmountIsWhatItsUnitMakesOfIt(String text, BigDecimal amount) {
    assertThat(Quantity.amount(text))
        .hasValueSatisfying(it -> assertThat(it).isEqualByComparingTo(amount));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", ".", "1 Gi", "1gi", "1KiB", "x", "--1", "1e", "1e1000"})
  void whatIsNoAmountIsNone(String text) {
    assertThat(Quantity.amount(text)).isEmpty();
    assertThat(Quantity.same(text, text)).isFalse();
    assertThat(Quantity.same("1", text)).isFalse();
  }

  @Test
  void twoWaysToWriteOneAmountAreTheSame() {
    assertThat(Quantity.same("1Gi", "1024Mi")).isTrue();
    assertThat(Quantity.same("0.5", "500m")).isTrue();
    assertThat(Quantity.same("1Gi", "1G")).isFalse();
  }
}

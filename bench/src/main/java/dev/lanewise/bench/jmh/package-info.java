/**
 * JMH suites: one question a class, told before its code, with the command that answers it. They
 * time Lanewise alone; the comparison with other libraries stands in {@code compare}.
 */
package dev.lanewise.bench.jmh;

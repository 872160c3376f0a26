/** The {@code lanewise} command line: one class a subcommand, and nothing that computes. */
package dev.lanewise.tools;

package dev.lanewise.bench.peer;

import dev.lanewise.nn.session.Session;
import dev.lanewise.nn.session.SessionOptions;

/** A network in a session of Lanewise's. */
final class CompiledNetwork implements Peer.Prepared {

  private final Session session;
  private final float[] input;
  private final float[] output;

  CompiledNetwork(Inference inference) {
    SessionOptions options =
        SessionOptions.defaults().withThreads(inference.threads()).withWarmUp();
    session = Session.compile(inference.network(), options, inference.inputDims());
    input = inference.images();
    output = session.run(input);
  }

  @Override
  public void run() {
    session.run(input, output);
  }

  @Override
  public float[] result() {
    return output.clone();
  }

  @Override
  public String algorithm() {
    return "session";
  }

  @Override
  public void close() {
    session.close();
  }
}

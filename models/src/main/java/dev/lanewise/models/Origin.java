package dev.lanewise.models;

import dev.lanewise.kernels.shape.Check;
import java.util.Comparator;
import java.util.List;

/**
 * Where an architecture comes from.
 *
 * @param year of its first publication, 0 if it has none
 * @param paper its authors
 * @param idea what was new about it, in a few words
 */
public record Origin(int year, String paper, String idea) {

  /** The architectures whose names begin with a text. */
  private record Family(String prefix, Origin origin) {}

  private static final List<Family> FAMILIES =
      List.of(
          family("lenet5", 1998, "LeCun et al.", "shared weights and pooling, trained end to end"),
          family("alexnet", 2012, "Krizhevsky et al.", "ReLU, dropout and GPUs on ImageNet"),
          family("zfnet", 2013, "Zeiler, Fergus", "smaller first filters, found by looking inside"),
          family("vgg", 2014, "Simonyan, Zisserman", "nothing but stacked 3x3"),
          family("googlenet", 2014, "Szegedy et al.", "branches of several sizes, no dense layers"),
          family("inception_v2", 2015, "Ioffe, Szegedy", "batch normalisation"),
          family("inception_v3", 2015, "Szegedy et al.", "large filters factored, 1x7 and 7x1"),
          family("resnet", 2015, "He et al.", "identity shortcuts"),
          family("wide_resnet", 2016, "Zagoruyko, Komodakis", "wider instead of deeper"),
          family("resnext", 2016, "Xie et al.", "many equal paths: grouped convolution"),
          family("densenet", 2016, "Huang et al.", "each layer reads all before it"),
          family("squeezenet", 2016, "Iandola et al.", "1x1 squeezes before 3x3"),
          family("mobilenet_v1", 2017, "Howard et al.", "depthwise and pointwise instead of full"),
          family("mobilenet_v2", 2018, "Sandler et al.", "inverted residuals, linear bottlenecks"),
          family("mobilenet_v3", 2019, "Howard et al.", "searched for, hard swish, squeeze"),
          family("efficientnet", 2019, "Tan, Le", "width, depth and size scaled together"),
          family("sample_cnn", 0, "the survey", "a sample to count by hand"));

  private static Family family(String prefix, int year, String paper, String idea) {
    return new Family(prefix, new Origin(year, paper, idea));
  }

  /**
   * The origin of an architecture of the registry.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Origin of(String model) {
    Family family =
        FAMILIES.stream()
            .filter(candidate -> model.startsWith(candidate.prefix))
            .max(Comparator.comparingInt(candidate -> candidate.prefix.length()))
            .orElse(null);
    Check.that(family != null, "the origin of '%s' is not known", model);
    return family.origin;
  }
}

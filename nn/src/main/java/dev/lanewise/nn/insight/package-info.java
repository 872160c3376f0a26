/**
 * What a trained network looks at, and how easily it is misled.
 *
 * <p>What may enter: questions put to a trained classifier, such as maps of what matters in an
 * image and adversarial attacks, and the pictures of its weights and activations. Images are
 * batches of pixels from 0 to 1, before normalisation. Nothing here changes a network.
 */
package dev.lanewise.nn.insight;

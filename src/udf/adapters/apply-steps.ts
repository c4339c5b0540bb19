import { activationOutput } from '../onnx/adapt/activation.js';
import { bestClassOutput, flattenOutput, topKOutput } from '../onnx/adapt/classes.js';
import { affineOutput, reconstructionErrorOutput } from '../onnx/adapt/numbers.js';
import { pictureInput } from '../onnx/adapt/picture.js';
import { normalizeOutput, poolOutput } from '../onnx/adapt/pool.js';
import { melInput, waveformNormalizeInput } from '../onnx/adapt/sound.js';
import { fillInput } from '../onnx/fill-input.js';
import type { ModelProto } from '../onnx/onnx_pb.js';
import type { GraphStep } from './graph-step.js';

/** Puts what adapters compute into the graph, step by step: before an input, the last step is the first to run. */
export function applySteps(model: ModelProto, steps: readonly GraphStep[]): ModelProto {
  return steps.reduce(applyStep, model);
}

function applyStep(model: ModelProto, step: GraphStep): ModelProto {
  switch (step.kind) {
    case 'pictureInput':
      return pictureInput(model, step.input, step);
    case 'melInput':
      return melInput(model, step.input, step.mel, step.sampleRate);
    case 'normalizeInput':
      return waveformNormalizeInput(model, step.input);
    case 'constantInput':
      return fillInput(model, step.input, step.like, step.value);
    case 'flatten':
      return flattenOutput(model, step.output);
    case 'activation':
      return activationOutput(model, step.output, step.activation, step.axis);
    case 'topK':
      return topKOutput(model, step.output, step.count);
    case 'bestOfTokens':
      return bestClassOutput(model, step.output, 'softmax');
    case 'pool':
      return poolOutput(
        model,
        step.output,
        step.mask === undefined ? { mode: step.mode } : { mode: step.mode, mask: step.mask },
      );
    case 'normalize':
      return normalizeOutput(model, step.output);
    case 'affine':
      return affineOutput(model, step.output, step.scale, step.offset);
    case 'reconstructionError':
      return reconstructionErrorOutput(model, step.output, step.input, step.error);
  }
}

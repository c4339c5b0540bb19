/*
 * Small files, written by libsndfile 1.2.2 through Python's soundfile:
 *   x = [0, .25, -.25, .5, -1, .999, .1, -.1] * 24, rounded to multiples of 2**-15
 *   FLAC_16: sf.write(f, np.stack([x, x[::-1]], 1), 8000, subtype='PCM_16'); FLAC_24: x alone, subtype='PCM_24'
 *   MP3: 0.5 * sin(2 pi 440 n / 16000), n < 1600, one channel, at 16000 (LAME)
 */

export const FLAC_16: Uint8Array = new Uint8Array(
  Buffer.from(
    'ZkxhQwAAACIQABAAAAH2AAH2AfQC8AAAAMB7/SAdZTe0btP1K2NzW38ZhAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMyAyMDIzMDYyMw' +
      'AAAAD/+BSoADNM+ZkWZi/v4ADgAC/vFma1uoQjPhRZvtQ8O0AQXAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/c' +
      'Qi5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi' +
      '5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4Fkf7iEXIXe98XAsj/cQi5C' +
      '73vi4Fkf7iEXIXe98XAsj/cQi5C73vi4JQMzQmZ2AhYABQABP79qm/29AAwGnD29AdxRNpJDdMJMzziibSSG6YSZnnFE2kkN0wkzPOKJtJIbph' +
      'JmecUTaSQ3TCTM84om0khumEmZ5xRNpJDdMJMzziibSSG6YSZnnFE2kkN0wkzPOKJtJIbphJmecUTaSQ3TCTM84om0khumEmZ5xRNpJDdMJMzz' +
      'iibSSG6YSZnnFE2kkN0wkzPOKJtJIbphJmecUTaSQ3TCTM84om0khumEmZ5xRNpJDdMJMzziibSSG6YSZnnFE2kkN0wkzPOKJtJIbphJmecUTa' +
      'SQ3TCTM84okNiW',
    'base64',
  ),
);

export const FLAC_24: Uint8Array = new Uint8Array(
  Buffer.from(
    'ZkxhQwAAACIQABAAAAEqAAEqAfQBcAAAAMB2GhbGakUB1xafLbYkesMzhAAAKCAAAAByZWZlcmVuY2UgbGliRkxBQyAxLjQuMyAyMDIzMDYyMw' +
      'AAAAD/+BQMAH9PAQAAIADgAEAAgAB/3wzN8zPGfIfzgAICEBHAJ/s3jYEqE3bU7JeaxYJ8MWUJu2p2S81iwT4YsoTdtTsl5rFgnwxZQm7anZLz' +
      'WLBPhiyhN21OyXmsWCfDFlCbtqdkvNYsE+GLKE3bU7JeaxYJ8MWUJu2p2S81iwT4YsoTdtTsl5rFgnwxZQm7anZLzWLBPhiyhN21OyXmsWCfDF' +
      'lCbtqdkvNYsE+GLKE3bU7JeaxYJ8MWUJu2p2S81iwT4YsoTdtTsl5rFgnwxZQm7anZLzWLBPhiyhN21OyXmsWCfDFlCbtqdkvNYsE+GLKE3bU7' +
      'JeaxYJ8MWUJu2p2S81iwT4YsoTdtTsl5rFgnwxZQm7anZLzWLBPhiyhN21OyXmsWCfDFgLcj',
    'base64',
  ),
);

export const MP3: Uint8Array = new Uint8Array(
  Buffer.from(
    '//OIxAAAAAAAAAAAAFhpbmcAAAAPAAAABQAABcQATU1NTU1NTU1NTU1NTU1NTU1NTXx8fHx8fHx8fHx8fHx8fHx8fHx8i4uLi4uLi4uLi4uLi4' +
      'uLi4uLi4vZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2f//////////////////////////AAAAPExBTUUzLjEwMARQAAAAAAAAAAAVCCQCwCEAAcwAAAXE' +
      'g51iYgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
      'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA//OYxAAhiG6oP08AAQvW27fq9Xq9Xq9Xq9Xs6sOQ0FA1jfCPg5xMxcCc' +
      'E4OhQKx5EoHh4eP/wAR/5h//+BmYj//N//mI/+AZ//HAP/gGP/44A7+Ix//OAO/ADDw8PDwAAAAADDw8PDwAAAAADDw8PHgAAAACMPDw8PAAAA' +
      'AAMPDw8PAAAAAEYeHh48AAAAARh4eHqggABABRCxcBcHg6IBQOBwFKi7wEAZMCIAv/MAEAoRAAwEYBYMv0pgMAkmF8EoYaRpBuEJFiEAIwbwAw' +
      'ARKBg4Bg2FA0dOQM7gcL6AYOKwEgEXRNwfMHxDkhfESQQWFJeLlFyk0RYgRCjKjkksQL5DRzRlSaIMOcZHy6YsZflEipFTIvE0YqdFbJK/kVIq' +
      'ZF4vGJdLqX//5eLxiXS6kXi8tFFX///5eLyJdNVJJLRal/////1a9JdFJIyRRMUkjKADqQenAAA/hCCIFglBAAQAU2Bptq//NoxNQvs3bjH56q' +
      'gAEgSAyDQk1gMsxc1NMGnhtwC6qY1jgAYavlucMAAAAEgGBQMRWLBWKRBj0qgKiwH5keEymImYh7uI+AwDAyGzJzN1OEMAsBcxJQODAcE/MdgW' +
      'A0EJxzyu3jHREZxXMsyPCC0LfnQc8G5FXmkTbf/+iGk2nQpgaHHCZipEY2nWZDjF///pQoDy769lLDHwrTC4mjEwKzFkcDA8b////y2jBUr0Ab' +
      'lK4MQQWMXhtMAByAwkmJonDIs////+sSGXHYnEn4ZYTDUY9DmIyK//MoxOAL+G6mQZXYAAMHBjSKwAHMwLAv/////+Ov248eijiUMXd8x8F0wT' +
      'IIwEB4xtEYwYG8QhOYvBqYOi4ShR////////QR//OYxOtfpBai/57oLEfibl79zE5Dk3Pxcw7BQwQDURA2YZAWYIhUFQcMKwAMEgjBAOhAkmCY' +
      'NAUHP/////////5ixFK9uX1LE5Xtz9SxODwHFkQsApQApaILgIRAGW9CgCpAIDgqASSaIoUAP/////////////z7bw5ez7fw5zP+4fzP2CLOQy' +
      'Ymt1DFhin0emVsUR5ZAv9L5mbJEvWeMHUFS77VuOYnROi5OZPQbIGUykSTk6WWqlIKLizj5E1Ja4J40jqV0CIEhU1aFCh1VChypImkQU2CmxRU' +
      'IKyCvBTQU3IK4FdBTQU2ENyCsQVwK6E/Ibib0FcN+Edj8EF4NxCnxeBJuR0U7/4E//xX/+Qz/8Ff/5DP/wV/fyO//Bf/8jv/wVVMQU1FMy4xMD' +
      'BVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV//NYxMcg0LZgH89IAVVVVVVVVVVVVVVV' +
      'VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV' +
      'VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV',
    'base64',
  ),
);

export interface WavOptions {
  readonly sampleRate?: number;
  readonly channels?: number;
  /** 1 PCM, 3 floating point, 6 A-law, 7 mu-law. */
  readonly coding?: number;
  readonly bits?: number;
  readonly extensible?: boolean;
  /** Bytes of a chunk before the samples. */
  readonly before?: number;
  /** What the header says, if not the truth. */
  readonly dataSize?: number;
}

/** A WAV file of samples that are bytes already. */
export function wavFile(data: Uint8Array, options: WavOptions = {}): Uint8Array {
  const { sampleRate = 16_000, channels = 1, coding = 1, bits = 16, extensible = false, before, dataSize } = options;
  const block = (channels * bits) / 8;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : coding, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * block, 8);
  format.writeUInt16LE(block, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(coding, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  }
  const chunks = [chunk('fmt ', format)];
  if (before !== undefined) chunks.push(chunk('LIST', Buffer.alloc(before, 'd')));
  chunks.push(chunk('data', data, dataSize));
  const body = Buffer.concat(chunks);
  const head = Buffer.from('RIFF....WAVE', 'latin1');
  head.writeUInt32LE(4 + body.length, 4);
  return new Uint8Array(Buffer.concat([head, body]));
}

function chunk(name: string, data: Uint8Array, size = data.length): Buffer {
  const head = Buffer.from(`${name}....`, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** A WAV file of 16 bits. @param samples from -1 to 1, channel after channel of each moment */
export function wav16(samples: ArrayLike<number>, options: WavOptions = {}): Uint8Array {
  const data = Int16Array.from(samples, value => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))));
  return wavFile(new Uint8Array(data.buffer), options);
}

/** A sine. @param frequency in Hz */
export function sine(frequency: number, sampleRate: number, length: number, phase = 0): Float32Array {
  return Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / sampleRate + phase));
}

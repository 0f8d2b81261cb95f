/** Where a service puts what a model thinks: a field of the message, or pieces of its content. */
export type ThinkingForm = 'reasoning_content' | 'reasoning' | 'chunks';

/** How a service's Chat Completions differ from the others'. */
export interface ChatForm {
  /** The field that bounds an answer. */
  readonly bound: 'max_completion_tokens' | 'max_tokens';
  /** Whether it counts tokens only where it is asked to. */
  readonly asksUsage: boolean;
  /** The forms of thinking that it wants back as they came. */
  readonly givenBack: readonly ThinkingForm[];
  /** The form that it misses where a message with calls came without a thought. */
  readonly missed?: ThinkingForm | undefined;
  /** Gives the id of a call a form that it takes. */
  readonly callId: (id: string) => string;
  /** Whether the result of a call names its tool. */
  readonly namesTools: boolean;
  /** Whether it refuses what a person says right behind the results of calls. */
  readonly wantsAnswers: boolean;
}

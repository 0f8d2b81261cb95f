import { anthropic } from './anthropicScenes.ts';
import { compatible, groq, mistral } from './chatScenes.ts';
import { editor } from './editorScenes.ts';
import { google } from './googleScenes.ts';
import { offline } from './offlineScenes.ts';
import { ollama } from './ollamaScenes.ts';
import { openai } from './openaiScenes.ts';
import { providerContract } from './suite.ts';

const subjects = [offline, anthropic, openai, google, mistral, groq, compatible, ollama, editor];
for (const subject of subjects) providerContract(subject);

import { authCaches, type CacheBound } from '../../caches.ts';
import type { SelectionPlan } from '../prepare/query-plan.ts';
import { maxCompiledFields } from './code.ts';
import { compileSelection, type ExecuteSelection, type Steps } from './compile.ts';

/**
 * The size of the code of one field, in bytes of heap, when V8 has optimized it.
 * `test/auth/execute/compile-memory.test.ts` measures it.
 */
const bytesOfField = 8_000;

/** When selections are compiled, and how much memory their code takes. */
export interface CompileOptions {
  /**
   * The number of objects for which a selection is executed before it is compiled. Default: 10,000. To
   * make the code and to optimize it takes V8 about as much time as the code then saves for 10,000 to 100,000 objects.
   */
  readonly compileAfter?: number | undefined;
  /**
   * The least time between two compilations, in milliseconds. Default: 100. It bounds the time and the memory that V8
   * takes for its optimization.
   */
  readonly compileIntervalMs?: number | undefined;
  /** The bound of the code. Default: `authCaches.compiledSelections`. */
  readonly compiledBound?: Pick<CacheBound, 'bytes' | 'entries'> | undefined;
}

/** Compiles the selections of one executor. The code of all of them stays below a bound. */
export class Compiler {
  readonly compileAfter: number;
  readonly #intervalMs: number;
  readonly #bound: Pick<CacheBound, 'bytes' | 'entries'>;
  /** What is compiled, and not dropped. A query that is no longer prepared is not kept by it. */
  #compiled: WeakRef<HotSelection>[] = [];
  #bytes = 0;
  #nextMs = 0;
  #isForbidden = false;

  constructor({
    compileAfter = 10_000,
    compileIntervalMs = 100,
    compiledBound = authCaches.compiledSelections,
  }: CompileOptions) {
    this.compileAfter = compileAfter;
    this.#intervalMs = compileIntervalMs;
    this.#bound = compiledBound;
  }

  /** @returns null if the selection is not compiled now */
  compile(hot: HotSelection, selection: SelectionPlan, steps: Steps): ExecuteSelection | null {
    const now = performance.now();
    const bytes = bytesOfField * Math.min(selection.fields.length, maxCompiledFields);
    if (this.#isForbidden || now < this.#nextMs || bytes === 0 || bytes > this.#bound.bytes) return null;
    this.#nextMs = now + this.#intervalMs;
    if (this.#bytes + bytes > this.#bound.bytes || this.#compiled.length >= this.#bound.entries) this.#dropAll();
    let execute: ExecuteSelection;
    try {
      execute = compileSelection(selection, steps);
    } catch (error) {
      this.#isForbidden = error instanceof EvalError; // Other errors: the stack is exhausted.
      return null;
    }
    this.#bytes += bytes;
    this.#compiled.push(new WeakRef(hot));
    return execute;
  }

  /** Drops all code. What is still executed often is compiled again. */
  #dropAll(): void {
    for (const reference of this.#compiled) reference.deref()?.drop();
    this.#compiled = [];
    this.#bytes = 0;
  }
}

/** Counts how often a selection is executed, and keeps its compiled function. */
export class HotSelection {
  readonly #compiler: Compiler;
  #left: number;
  /** Executes the selection. `null`: it is not compiled. */
  compiled: ExecuteSelection | null = null;

  constructor(compiler: Compiler) {
    this.#compiler = compiler;
    this.#left = compiler.compileAfter;
  }

  /** Counts an object. @returns the compiled selection, if there were enough objects */
  count(selection: SelectionPlan, steps: Steps): ExecuteSelection | null {
    this.#left -= 1;
    if (this.#left >= 0) return null;
    this.#left = this.#compiler.compileAfter;
    this.compiled = this.#compiler.compile(this, selection, steps);
    return this.compiled;
  }

  drop(): void {
    this.compiled = null;
  }
}

/** What can be assigned to. */
export type Target =
  | { readonly type: "variable"; readonly name: string }
  | { readonly type: "field"; readonly index: Expression }
  | { readonly type: "element"; readonly name: string; readonly keys: readonly Expression[] };

export type Expression =
  | Target
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "pattern"; readonly source: string }
  | {
      readonly type: "assign";
      readonly operator: string;
      readonly target: Target;
      readonly value: Expression;
    }
  | {
      readonly type: "condition";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly type: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: "match";
      readonly isNegated: boolean;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: "in"; readonly keys: readonly Expression[]; readonly name: string }
  | { readonly type: "unary"; readonly operator: string; readonly value: Expression }
  | {
      readonly type: "step";
      readonly by: 1 | -1;
      readonly isPrefix: boolean;
      readonly target: Target;
    }
  | { readonly type: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly type: "group"; readonly values: readonly Expression[] }
  | {
      readonly type: "getline";
      readonly from: "input" | "file" | "command";
      readonly source: Expression | null;
      readonly target: Target | null;
    };

export type Statement =
  | { readonly type: "block"; readonly body: readonly Statement[] }
  | { readonly type: "expression"; readonly value: Expression }
  | {
      readonly type: "if";
      readonly test: Expression;
      readonly yes: Statement;
      readonly no: Statement | null;
    }
  | {
      readonly type: "while";
      readonly test: Expression;
      readonly body: Statement;
      readonly isAfter: boolean;
    }
  | {
      readonly type: "for";
      readonly start: Statement | null;
      readonly test: Expression | null;
      readonly step: Statement | null;
      readonly body: Statement;
    }
  | {
      readonly type: "each";
      readonly name: string;
      readonly array: string;
      readonly body: Statement;
    }
  | { readonly type: "break" | "continue" | "next" | "nextfile" }
  | { readonly type: "exit" | "return"; readonly value: Expression | null }
  | { readonly type: "delete"; readonly name: string; readonly keys: readonly Expression[] | null }
  | {
      readonly type: "print" | "printf";
      readonly values: readonly Expression[];
      readonly to: { readonly operator: string; readonly target: Expression } | null;
    };

export interface Rule {
  readonly kind: "begin" | "end" | "main";
  readonly from: Expression | null;
  readonly to: Expression | null;
  /** Null: the record is printed. */
  readonly body: Statement | null;
}

export interface FunctionDefinition {
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface Program {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
}

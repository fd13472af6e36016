/** One setting as a field, according to the type in its schema. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { JSONValue } from '@lumino/coreutils';
import { useId } from 'react';

export interface SettingFieldProps {
  readonly name: string;
  readonly schema: ISettingRegistry.IProperty;
  readonly value: unknown;
  readonly onChange: (value: JSONValue) => void;
}

/** Whether a property can be shown: it has a simple type and a title. */
export function isEditable(schema: ISettingRegistry.IProperty): boolean {
  return Boolean(schema.title) && (choicesOf(schema) !== null || ['boolean', 'string', 'number'].includes(String(schema.type)));
}

export function SettingField({ schema, value, onChange, name }: SettingFieldProps) {
  const id = useId();
  const hint = schema.description ? `${id}-hint` : undefined;
  return (
    <div className="ved-Settings-field">
      <label htmlFor={id}>{schema.title ?? name}</label>
      <Control id={id} hint={hint} schema={schema} value={value} onChange={onChange} />
      {schema.description && (
        <p id={hint} className="ved-Settings-hint">
          {schema.description}
        </p>
      )}
    </div>
  );
}

interface ControlProps extends Omit<SettingFieldProps, 'name'> {
  readonly id: string;
  readonly hint: string | undefined;
}

function Control({ id, hint, schema, value, onChange }: ControlProps) {
  const common = { id, 'aria-describedby': hint };
  const choices = choicesOf(schema);
  if (choices) {
    return (
      <select {...common} value={String(value)} onChange={({ target }) => onChange(choices[target.selectedIndex]!.value)}>
        {choices.map((choice) => (
          <option key={String(choice.value)} value={String(choice.value)}>
            {choice.title}
          </option>
        ))}
      </select>
    );
  }
  if (schema.type === 'boolean') {
    return <input {...common} type="checkbox" checked={value === true} onChange={({ target }) => onChange(target.checked)} />;
  }
  if (schema.type === 'string') {
    return <input {...common} type="text" value={String(value ?? '')} onChange={({ target }) => onChange(target.value)} />;
  }
  const { minimum, maximum, multipleOf = 'any' } = schema as { minimum?: number; maximum?: number; multipleOf?: number };
  const changeNumber = ({ target }: { target: HTMLInputElement }) => {
    if (target.validity.valid && target.value !== '') onChange(target.valueAsNumber);
  };
  return (
    <input
      {...common}
      type="number"
      min={minimum}
      max={maximum}
      step={multipleOf}
      defaultValue={Number(value)}
      key={String(value)}
      onChange={changeNumber}
    />
  );
}

function choicesOf(schema: ISettingRegistry.IProperty): { value: JSONValue; title: string }[] | null {
  const { oneOf, enum: values } = schema as { oneOf?: { const?: JSONValue; title?: string }[]; enum?: JSONValue[] };
  if (oneOf?.every((one) => one.const !== undefined))
    return oneOf.map((one) => ({ value: one.const!, title: one.title ?? String(one.const) }));
  return values?.map((value) => ({ value, title: String(value) })) ?? null;
}

/** A toolbar button that is not a toggle: JupyterLab's own sets `aria-pressed` on every button, which is wrong for a plain one. */
import { addToolbarButtonClass, ReactWidget, ToolbarButtonComponent } from '@jupyterlab/ui-components';

export type ToolButtonProps = Pick<ToolbarButtonComponent.IProps, 'icon' | 'label' | 'tooltip' | 'className' | 'onClick'>;

export class ToolButton extends ReactWidget {
  constructor(private props: ToolButtonProps) {
    super();
    addToolbarButtonClass(this);
  }

  /** Changes some of its properties. */
  change(props: ToolButtonProps): void {
    this.props = { ...this.props, ...props };
    this.update();
  }

  protected override render(): JSX.Element {
    return <ToolbarButtonComponent {...this.props} />;
  }
}

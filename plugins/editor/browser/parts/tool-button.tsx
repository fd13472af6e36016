/** A toolbar's button that is no toggle: JupyterLab's own says `aria-pressed` of every button, which a plain one must not. */
import { addToolbarButtonClass, ReactWidget, ToolbarButtonComponent } from '@jupyterlab/ui-components';

export type ToolButtonProps = Pick<ToolbarButtonComponent.IProps, 'icon' | 'label' | 'tooltip' | 'className' | 'onClick'>;

export class ToolButton extends ReactWidget {
  constructor(private props: ToolButtonProps) {
    super();
    addToolbarButtonClass(this);
  }

  /** Changes some of what it shows. */
  change(props: ToolButtonProps): void {
    this.props = { ...this.props, ...props };
    this.update();
  }

  protected override render(): JSX.Element {
    return <ToolbarButtonComponent {...this.props} />;
  }
}

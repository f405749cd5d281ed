import * as vscode from 'vscode';
import { type Marker, markersFrom } from './marker';

const key = 'markers';

/** The markers of the workspace, kept over reloads. */
export class MarkerStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private markers: readonly Marker[];
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    this.markers = markersFrom(state.get(key));
  }

  get all(): readonly Marker[] {
    return this.markers;
  }

  in(uri: vscode.Uri): readonly Marker[] {
    const text = uri.toString();
    return this.markers.filter((marker) => marker.uri === text);
  }

  /** Replaces the list; a function that returns the list it was given changes nothing. */
  change(next: (markers: readonly Marker[]) => readonly Marker[]): void {
    const markers = next(this.markers);
    if (markers === this.markers) return;
    this.markers = markers;
    void this.state.update(key, markers);
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
